package driver

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// A Transport carries lines to and from one QEMU. Receive is called by one goroutine, Send by one
// at a time, and Close by any, at any time and more than once.
type Transport interface {
	// Send sends one line, which comes without its end. It does not wait for QEMU to read it: the
	// caller has the monitor locked, and nothing that QEMU sends can be received meanwhile.
	Send(line []byte) error
	// Receive waits for one line. At the end of the connection it returns io.EOF, or
	// io.ErrUnexpectedEOF inside a line.
	Receive() ([]byte, error)
	// Close ends the connection; a Receive under way returns.
	Close()
}

const (
	// maxLine bounds what QEMU may send without an end of line.
	maxLine = 1 << 20
	// writeTimeout bounds the writing of a line to a QEMU that does not read.
	writeTimeout = 10 * time.Second
)

// connTransport is a Transport on a socket. A goroutine writes, until Close.
type connTransport struct {
	conn   net.Conn
	in     *bufio.Reader
	out    *realQueue
	unsent atomic.Value // error: why writing failed, set before the connection is closed for it
}

var errNotRead = errors.New("QEMU does not read what it is sent")

// NewTransport is a transport on a connection, which it owns.
func NewTransport(conn net.Conn) Transport {
	t := &connTransport{conn: conn, in: bufio.NewReader(conn), out: newRealQueue()}
	go t.write()
	return t
}

func (t *connTransport) Send(line []byte) error {
	if !t.out.Send(append(line, '\n')) {
		return net.ErrClosed
	}
	return nil
}

// write sends what is in the queue. When it fails, or takes too long, the connection ends and
// Receive says why.
func (t *connTransport) write() {
	defer t.conn.Close()
	for {
		line, ok := t.out.Receive()
		if !ok {
			return
		}
		if err := t.writeLine(line); err != nil {
			t.unsent.Store(err)
			return
		}
	}
}

func (t *connTransport) writeLine(line []byte) error {
	if err := t.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err := t.conn.Write(line)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errNotRead
	}
	return err
}

func (t *connTransport) Receive() ([]byte, error) {
	var line []byte
	for {
		part, err := t.in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return trimEnd(line), nil
		case len(line) > maxLine:
			return nil, &ProtocolError{"a line without end", line}
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0:
			return nil, io.ErrUnexpectedEOF
		case errors.Is(err, io.EOF):
			return nil, io.EOF
		default:
			if reason, ok := t.unsent.Load().(error); ok {
				return nil, reason
			}
			return nil, err
		}
	}
}

// trimEnd cuts the end of a line, which is CR LF from QEMU.
func trimEnd(line []byte) []byte {
	line = line[:len(line)-1]
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

func (t *connTransport) Close() {
	t.out.Close()
	t.conn.Close()
}
