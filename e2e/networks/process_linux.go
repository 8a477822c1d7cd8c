package networks

import "syscall"

// endWithParent has the system end a server when the test binary is killed, so
// that an interrupted run leaves nothing behind.
func endWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
