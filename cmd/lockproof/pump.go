package main

import (
	"context"
	"io"
)

// A pump reads ahead on a goroutine of its own, so that who waits for a slow pipe can stop waiting.
type pump struct {
	ctx   context.Context
	full  chan piece
	empty chan []byte
	done  chan struct{}
	now   piece
	at    int
}

// A piece is what one read came to.
type piece struct {
	data []byte
	err  error
}

// newPump reads r until its end, the end of the context, or close.
func newPump(ctx context.Context, r io.Reader) *pump {
	p := &pump{ctx: ctx, full: make(chan piece), empty: make(chan []byte, 2), done: make(chan struct{})}
	for range 2 {
		p.empty <- make([]byte, 1<<16)
	}
	go p.run(r)
	return p
}

func (p *pump) run(r io.Reader) {
	for {
		select {
		case buffer := <-p.empty:
			n, err := r.Read(buffer[:cap(buffer)])
			select {
			case p.full <- piece{buffer[:n], err}:
			case <-p.done:
				return
			}
			if err != nil {
				return
			}
		case <-p.done:
			return
		}
	}
}

// Read implements [io.Reader]. The error of a read comes again.
func (p *pump) Read(b []byte) (int, error) {
	for p.at == len(p.now.data) {
		if p.now.err != nil {
			return 0, p.now.err
		}
		if p.now.data != nil {
			p.empty <- p.now.data
		}
		p.now, p.at = piece{}, 0
		if err := p.ctx.Err(); err != nil {
			return 0, err
		}
		select {
		case p.now = <-p.full:
		case <-p.ctx.Done():
			return 0, p.ctx.Err()
		}
	}
	n := copy(b, p.now.data[p.at:])
	p.at += n
	return n, nil
}

// close ends the goroutine, unless it waits for what it reads from.
func (p *pump) close() { close(p.done) }
