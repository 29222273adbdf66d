//go:build darwin || freebsd || netbsd || openbsd

package search

func advise([]byte) {}
