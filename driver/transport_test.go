package driver

import (
	"errors"
	"net"
	"syscall"
	"testing"
)

// A brokenPipe cannot be written to; it can be read until it is closed, and then has nothing.
type brokenPipe struct{ net.Conn }

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// The reader is told why the writer closed the connection, not that it is closed.
func TestReasonOfTheWriter(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	transport := NewTransport(brokenPipe{ours})
	defer transport.Close()
	must(t, transport.Send([]byte("{}")))
	if _, err := transport.Receive(); !errors.Is(err, syscall.EPIPE) {
		t.Error(err)
	}
}
