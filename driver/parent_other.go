//go:build !linux

package driver

import "os/exec"

// dieWithParent does nothing. Only on Linux a process can be made to end with its parent.
func dieWithParent(*exec.Cmd) {}
