package networks

import (
	"net"
	"testing"
	"time"
)

// Until asks again and again whether something is so, and fails the test when
// it is not within the time given. It is for what another process does: what
// is asked must not itself fail the test.
func Until(t testing.TB, within time.Duration, what string, so func() bool) {
	t.Helper()
	if !poll(within, nil, so) {
		t.Fatalf("waited %v in vain: %s", within, what)
	}
}

// poll reports whether so became true before the time was up or done closed.
func poll(within time.Duration, done <-chan struct{}, so func() bool) bool {
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-deadline.C:
			return so()
		case <-done:
			return false
		case <-tick.C:
		}
	}
	return true
}

// freePorts returns ports on 127.0.0.1 that nobody listens on. All are held at
// once while choosing, so they differ.
func freePorts(t testing.TB, n int) []int {
	t.Helper()
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatalf("no free port: %v", err)
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports
}

// listens reports whether somebody takes connections at an address.
func listens(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}
