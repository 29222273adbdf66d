//go:build !unix

package crosscheck

import "os/exec"

// runGroup runs a command. Only it, and not what it has started, is killed when its context ends.
func runGroup(cmd *exec.Cmd) error { return cmd.Run() }
