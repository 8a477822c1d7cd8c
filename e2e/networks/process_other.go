//go:build !linux

package networks

import "syscall"

// endWithParent does nothing here: only Linux ends a child with its parent.
func endWithParent() *syscall.SysProcAttr { return nil }
