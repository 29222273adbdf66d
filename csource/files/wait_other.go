//go:build !unix

package files

// withoutWaiting are the flags with which opening does not wait: here nothing has to be asked for.
const withoutWaiting = 0
