package networks

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A process is one server of a test. It can be ended and started again.
type process struct {
	t     testing.TB
	name  string
	dir   string // its working folder; the log lies in it
	argv  []string
	env   []string
	ready func() bool

	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	err  error         // how it ended
}

// readyWithin is generous: on a busy machine GoToSocial's first start, with all
// its migrations, takes half a minute.
const readyWithin = 3 * time.Minute

// start runs the process and waits until it is ready. It fails the test, with
// the server's log, when that does not happen.
func (p *process) start() {
	p.t.Helper()
	if err := p.try(); err != nil {
		p.t.Fatalf("%s did not start: %v\n%s", p.name, err, p.tail())
	}
}

// try is start without failing the test, for a caller that can choose another port.
func (p *process) try() error {
	log, err := os.OpenFile(p.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	p.cmd = exec.Command(p.argv[0], p.argv[1:]...)
	p.cmd.Dir, p.cmd.Env = p.dir, append(os.Environ(), p.env...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = endWithParent()
	p.done = make(chan struct{})
	started := make(chan error)
	go func() {
		// The system ends the child when the thread that started it ends, so the
		// thread must stay.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.err = p.cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		p.cmd = nil
		return err
	}
	if poll(readyWithin, p.done, p.ready) {
		return nil
	}
	select {
	case <-p.done:
		p.cmd = nil
		return fmt.Errorf("it ended by itself: %w", errors.Join(errEnded, p.err))
	default:
		p.end()
		return fmt.Errorf("it was not ready within %v", readyWithin)
	}
}

var errEnded = errors.New("ended")

// end asks the process to end, and kills it when it does not. It is harmless
// when the process has ended already.
func (p *process) end() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(15 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
	p.cmd = nil
}

// endWithTest ends the process with its test, and shows its log if that failed.
func (p *process) endWithTest() {
	p.t.Cleanup(func() {
		p.end()
		if p.t.Failed() {
			p.t.Logf("the end of %s's log:\n%s", p.name, p.tail())
		}
	})
}

func (p *process) log() string { return filepath.Join(p.dir, p.name+".log") }

// tail is the last part of the log.
func (p *process) tail() string {
	b, err := os.ReadFile(p.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-60):], "\n")
}
