//go:build unix

package networks

import (
	"os"
	"syscall"
)

// lock waits until nobody else holds the file. The system lets go of it when
// the holder ends, however it ends.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }
