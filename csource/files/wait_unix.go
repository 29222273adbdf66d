//go:build unix

package files

import "syscall"

// withoutWaiting are the flags with which opening a pipe does not wait for its other end, nor a
// terminal become ours.
const withoutWaiting = syscall.O_NONBLOCK | syscall.O_NOCTTY
