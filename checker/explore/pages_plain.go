//go:build darwin || freebsd || netbsd || openbsd

package explore

func advise([]byte) {}
