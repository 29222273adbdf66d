package driver

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
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

// So is who has half a line, and who closes while he has it: only the end of a connection is the
// end inside of a line.
func TestReasonInsideOfALine(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func(Transport) error
		want error
	}{
		"cannot be written to": {func(t Transport) error { return t.Send([]byte("{}")) }, syscall.EPIPE},
		"closed":               {func(t Transport) error { t.Close(); return nil }, io.ErrClosedPipe},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				defer theirs.Close()
				transport := NewTransport(brokenPipe{ours})
				defer transport.Close()
				received := make(chan error)
				go func() {
					_, err := transport.Receive()
					received <- err
				}()
				_, err := io.WriteString(theirs, "half a line")
				must(t, err)
				synctest.Wait()
				must(t, tt.end(transport))
				if err := <-received; !errors.Is(err, tt.want) {
					t.Errorf("%v, want %v", err, tt.want)
				}
			})
		})
	}
}

// A flaky connection takes so many bytes, and then has an error, once.
type flaky struct {
	net.Conn
	room     int
	deadline error // of setting one
	wrong    error
	mutex    sync.Mutex
	written  string
	lines    int // for which it was told a deadline
	closed   int
}

func (f *flaky) SetWriteDeadline(t time.Time) error {
	f.lines++
	if f.deadline != nil {
		return f.deadline
	}
	return f.Conn.SetWriteDeadline(t)
}

func (f *flaky) Write(text []byte) (int, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	n := min(len(text), f.room)
	f.written += string(text[:n])
	f.room -= n
	if n < len(text) {
		f.room = 1 << 20
		return n, f.wrong
	}
	return n, nil
}

func (f *flaky) Close() error {
	f.mutex.Lock()
	f.closed++
	f.mutex.Unlock()
	return f.Conn.Close()
}

// A line that was written in part is not written again, and nothing after it: the connection ends,
// and the reader is told why.
func TestWriteThatFails(t *testing.T) {
	broken := errors.New("no deadlines here")
	for _, tt := range []struct {
		name     string
		room     int
		deadline error
		wrong    error
		want     error
		written  string
	}{
		{"at once", 0, nil, syscall.ECONNRESET, syscall.ECONNRESET, ""},
		{"inside of a line", 6, nil, syscall.EPIPE, syscall.EPIPE, "one\ntw"},
		{"not read in time", 6, nil, os.ErrDeadlineExceeded, errNotRead, "one\ntw"},
		{"no deadline", 6, broken, nil, broken, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				defer theirs.Close()
				conn := &flaky{Conn: ours, room: tt.room, deadline: tt.deadline, wrong: tt.wrong}
				transport := NewTransport(conn)
				for _, line := range []string{"one", "two", "three"} {
					must(t, transport.Send([]byte(line)))
				}
				if _, err := transport.Receive(); !errors.Is(err, tt.want) {
					t.Errorf("%v, want %v", err, tt.want)
				}
				synctest.Wait()
				if conn.written != tt.written || conn.closed != 1 {
					t.Errorf("written %q, closed %d times", conn.written, conn.closed)
				}
				transport.Close()
				if _, err := transport.Receive(); !errors.Is(err, tt.want) {
					t.Errorf("after the end: %v, want %v", err, tt.want)
				}
			})
		})
	}
}

// Once a connection is closed nobody writes to it any more.
func TestNoWriteAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		conn := &flaky{Conn: ours, room: 100}
		transport := NewTransport(conn)
		must(t, transport.Send([]byte("one")))
		synctest.Wait()
		transport.Close()
		synctest.Wait()
		if conn.written != "one\n" || conn.lines != 1 {
			t.Errorf("%d lines, written %q", conn.lines, conn.written)
		}
	})
}

// A pretended QEMU that cannot write says nothing more.
func TestServerThatCannotWrite(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	conn := &flaky{Conn: ours, room: 6, wrong: syscall.EPIPE}
	s := &server{conn: conn, out: newRealQueue()}
	for _, line := range []string{"one\n", "two\n", "three\n"} {
		s.out.Send([]byte(line))
	}
	s.write()
	if conn.written != "one\ntw" || conn.closed != 1 || s.out.Send(nil) {
		t.Errorf("written %q, closed %d times", conn.written, conn.closed)
	}
}

// Each line has its own time to be read in, and what is sent slowly is sent whole.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		transport := NewTransport(ours)
		defer transport.Close()
		defer theirs.Close()
		for range 3 {
			must(t, transport.Send([]byte("line")))
		}
		for range 3 {
			time.Sleep(writeTimeout - time.Second) // three of these are more than one may take
			text := make([]byte, len("line\n"))
			if _, err := io.ReadFull(theirs, text); string(text) != "line\n" || err != nil {
				t.Errorf("%q, %v", text, err)
			}
		}
	})
}

// A line ends at the end of the longest one that is allowed, or not at all; what is not terminated
// is no line.
func TestLengthOfLines(t *testing.T) {
	for _, tt := range []struct {
		name string
		text string
		want string
		err  error
	}{
		{"no text", "\n", "", nil},
		{"two ends", "a\r\r\n", "a\r", nil},
		{"only a return", "\r\n", "", nil},
		{"longer than a buffer", strings.Repeat("x", 70_000) + "\r\n", strings.Repeat("x", 70_000), nil},
		{"as long as may be", strings.Repeat("x", maxLine-1) + "\n", strings.Repeat("x", maxLine-1), nil},
		{"too long", strings.Repeat("x", maxLine+1<<13), "", &ProtocolError{}},
		{"nothing", "", "", io.EOF},
		{"part of one", "a", "", io.ErrUnexpectedEOF},
		{"a long part", strings.Repeat("x", 70_000), "", io.ErrUnexpectedEOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			transport := NewTransport(ours)
			defer transport.Close()
			go func() {
				if tt.text != "" {
					_, _ = io.WriteString(theirs, tt.text) // who has enough closes
				}
				theirs.Close()
			}()
			line, err := transport.Receive()
			if string(line) != tt.want || (tt.err == nil) != (err == nil) || tt.err != nil && !sameKind(err, tt.err) {
				t.Errorf("%.20q (%d), %v; want %.20q (%d), %v", line, len(line), err, tt.want, len(tt.want), tt.err)
			}
		})
	}
}

// A talkative connection ends with an error that has the end inside.
type talkative struct{ net.Conn }

func (c talkative) Read(text []byte) (int, error) {
	n, err := c.Conn.Read(text)
	if err != nil {
		err = fmt.Errorf("reading from QEMU: %w", err)
	}
	return n, err
}

// The end of a connection is the end, whatever the connection says beside that.
func TestEndWithWords(t *testing.T) {
	for text, want := range map[string]error{"": io.EOF, "a": io.ErrUnexpectedEOF} {
		ours, theirs := net.Pipe()
		transport := NewTransport(talkative{ours})
		go func() {
			if text != "" {
				_, _ = io.WriteString(theirs, text) // it is read
			}
			theirs.Close()
		}()
		if line, err := transport.Receive(); err != want {
			t.Errorf("%q: %q, %v", text, line, err)
		}
		transport.Close()
	}
}
