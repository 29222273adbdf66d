package drivertest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/lockproof/lockproof/driver"
)

// Transport tests transports on the connections that pair makes, whose ends are each other's peers.
func Transport(t *testing.T, pair func(t *testing.T) (ours, theirs net.Conn)) {
	open := func(t *testing.T) (driver.Transport, net.Conn) {
		t.Helper()
		ours, theirs := pair(t)
		transport := driver.NewTransport(ours)
		t.Cleanup(func() {
			transport.Close()
			theirs.Close()
		})
		return transport, theirs
	}
	t.Run("lines-come-whole-and-in-order", func(t *testing.T) {
		transport, theirs := open(t)
		go func() {
			for _, part := range []string{"on", "e\r\ntwo\n", "\nfour"} {
				_, _ = io.WriteString(theirs, part) // what is missing is noticed
			}
			theirs.Close()
		}()
		for _, want := range []string{"one", "two", ""} {
			if line, err := transport.Receive(); string(line) != want || err != nil {
				t.Errorf("received %q, %v, want %q", line, err, want)
			}
		}
		if line, err := transport.Receive(); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("inside of a line: %q, %v", line, err)
		}
	})
	t.Run("the-end-is-told", func(t *testing.T) {
		transport, theirs := open(t)
		theirs.Close()
		if _, err := transport.Receive(); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	})
	t.Run("sending-does-not-wait", func(t *testing.T) {
		transport, theirs := open(t)
		const lines = 1000
		for i := range lines { // more than any buffer has, and nobody reads
			if err := transport.Send(fmt.Appendf(nil, "%d %1000d", i, 0)); err != nil {
				t.Fatal(err)
			}
		}
		in := bufio.NewReader(theirs)
		for i := range lines {
			line, err := in.ReadString('\n')
			if want := fmt.Sprintf("%d %1000d\n", i, 0); line != want || err != nil {
				t.Fatalf("line %d: %.20q, %v", i, line, err)
			}
		}
	})
	t.Run("closing-ends-a-receive", func(t *testing.T) {
		transport, theirs := open(t)
		ended := make(chan error)
		go func() {
			_, err := transport.Receive()
			ended <- err
		}()
		time.Sleep(time.Millisecond)
		transport.Close()
		transport.Close()
		if err := <-ended; err == nil {
			t.Error("a closed transport gives a line")
		}
		if err := transport.Send([]byte("x")); err == nil {
			t.Error("a closed transport sends")
		}
		if _, err := theirs.Read(make([]byte, 1)); err == nil {
			t.Error("the peer can still read")
		}
	})
}
