package linear

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// A signature tells histories apart as far as a check can: two with the same signature have the
// same verdict. What a check looks at is which steps were over when others began, and what each
// client did one after the other. So each client's events are written down in their order, with an
// epoch in the place of the time: the number of moments so far at which a step began after another
// had ended.
type signature [16]byte

// A signer makes the signatures of histories with the clock [Steps], and keeps its buffers for the
// next one.
type signer struct {
	events  []event // by time
	clients []account
	calls   []int64 // by operation: which of its client's it is
	all     []byte
}

// An event is the beginning or the end of a step.
type event struct {
	what  eventKind
	index int32 // of the operation or job
}

// An account is what one client did.
type account struct {
	name  string
	calls int64
	text  []byte
}

type eventKind byte

// The events; nothing is a time at which none was recorded.
const (
	nothing eventKind = iota
	called
	returned
	asked
	begun
	refused
	ended // a job's end takes no time, so it begins as well
)

func (k eventKind) begins() bool { return k == called || k == asked || k == ended }

func (k eventKind) ends() bool { return k >= returned && k != asked }

// sign needs time linear in the history.
func (x *signer) sign(h History) signature {
	x.collect(h)
	for i := range x.clients {
		x.clients[i].text, x.clients[i].calls = x.clients[i].text[:0], 0
	}
	x.calls = slices.Grow(x.calls[:0], len(h.Operations))[:len(h.Operations)]
	epoch, over := int64(0), false
	for _, e := range x.events {
		if e.what == nothing {
			continue
		}
		if e.what.begins() && over {
			epoch++
			over = false
		}
		over = over || e.what.ends()
		x.write(&h, e, epoch)
	}
	x.all = x.all[:0]
	for i := range x.clients {
		if c := &x.clients[i]; len(c.text) > 0 {
			x.all = appendText(x.all, c.name)
			x.all = binary.AppendUvarint(x.all, uint64(len(c.text)))
			x.all = append(x.all, c.text...)
		}
	}
	sum := sha256.Sum256(x.all)
	return signature(sum[:len(signature{})])
}

// collect puts the events in order. What has not happened by the cut is no event.
func (x *signer) collect(h History) {
	x.events = slices.Grow(x.events[:0], int(h.Cut)+1)[:h.Cut+1]
	clear(x.events)
	for i := range h.Operations {
		o := &h.Operations[i]
		x.at(o.From, event{called, int32(i)})
		x.at(o.To, event{returned, int32(i)})
	}
	for i := range h.Jobs {
		j := &h.Jobs[i]
		x.at(j.Asked, event{asked, int32(i)})
		x.at(j.Begun, event{begun, int32(i)})
		end := ended
		if j.Refused {
			end = refused
		}
		x.at(j.Ended, event{end, int32(i)})
	}
}

func (x *signer) at(time int64, e event) {
	if time != Never {
		x.events[time] = e
	}
}

// write appends to the account of a client everything about an event that matters, so that
// different events are different texts.
func (x *signer) write(h *History, e event, epoch int64) {
	if e.what == called || e.what == returned {
		o := &h.Operations[e.index]
		c := x.client(o.Client)
		b := binary.AppendVarint(append(c.text, byte(e.what)), epoch)
		if e.what == called {
			c.calls++
			x.calls[e.index] = c.calls
			b = appendText(append(b, byte(o.Call.Op)), o.Call.Domain)
			c.text = binary.AppendVarint(b, o.Call.Arg)
			return
		}
		b = binary.AppendVarint(b, x.calls[e.index]) // the deaths of a domain's QEMUs are of one client, and can overlap
		b = append(b, byte(o.Code), byte(o.Info.State), flagByte(o.Info.Persistent))
		c.text = binary.AppendVarint(b, o.Info.Memory)
		return
	}
	j := &h.Jobs[e.index]
	c := x.client(j.Client)
	b := binary.AppendVarint(append(c.text, byte(e.what), byte(j.Type)), epoch)
	c.text = binary.AppendVarint(appendText(b, j.Domain), int64(j.Object))
}

// client is the account of a client; accounts are in the order of their names.
func (x *signer) client(name string) *account {
	i, found := slices.BinarySearchFunc(x.clients, name, func(c account, name string) int {
		return cmp.Compare(c.name, name)
	})
	if !found {
		x.clients = slices.Insert(x.clients, i, account{name: name})
	}
	return &x.clients[i]
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func flagByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}
