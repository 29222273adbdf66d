package linear

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"

	"github.com/lockproof/lockproof/driver"
)

// A Header is the first line of a history file.
type Header struct {
	Seed   uint64 // of the load
	Replay string // the command that runs the same load again; "" if there is none
}

// A Writer writes a history file: JSONL, one line a record.
//
//	{"history":1,"seed":7,"replay":"lockproof stress --seed 7"}
//	{"call":"query","domain":"vm1","client":"client 1","from":12,"to":40,"code":"ok","state":"running"}
//	{"job":"query","domain":"vm1","object":1,"client":"client 1","asked":14,"begun":15,"ended":38}
//	{"job":"modify","domain":"vm1","object":1,"client":"client 2","asked":16,"refused":30}
//	{"cut":50}
//	{"end":50,"complete":true}
//
// Times are nanoseconds, or steps, since the start. A call without "to" has not returned; it has no
// result. "arg" comes with define, set-memory and long-job. A cut is a moment at which nothing is
// under way, except calls that never return.
type Writer struct {
	under io.Writer
	out   *bufio.Writer
	buf   []byte
	cut   int64
}

// NewWriter begins a file.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	x := &Writer{under: w, out: bufio.NewWriterSize(w, 1<<16)}
	x.begin("history", 1)
	x.name("seed")
	x.buf = strconv.AppendUint(x.buf, h.Seed, 10)
	if h.Replay != "" {
		x.text("replay", h.Replay)
	}
	return x, x.line()
}

// Write appends a history.
func (w *Writer) Write(h History) error {
	for i := range h.Operations {
		w.operation(&h.Operations[i])
		if err := w.line(); err != nil {
			return err
		}
	}
	for i := range h.Jobs {
		w.job(&h.Jobs[i])
		if err := w.line(); err != nil {
			return err
		}
	}
	w.cut = h.Cut
	w.begin("cut", h.Cut)
	if err := w.line(); err != nil {
		return err
	}
	return w.flush()
}

// flush brings everything to what the history is written to, and further if that keeps something
// back: what was recorded up to a cut outlives the program.
func (w *Writer) flush() error {
	if err := w.out.Flush(); err != nil {
		return err
	}
	if f, ok := w.under.(interface{ Flush() error }); ok {
		return f.Flush()
	}
	return nil
}

// Close ends the file, not what it was written to. The run is complete if it came to its own end.
func (w *Writer) Close(complete bool) error {
	w.begin("end", w.cut)
	w.flag("complete", complete)
	if err := w.line(); err != nil {
		return err
	}
	return w.flush()
}

func (w *Writer) operation(o *Operation) {
	w.buf = append(w.buf[:0], '{')
	w.text("call", o.Call.Op.String())
	w.text("domain", o.Call.Domain)
	w.text("client", o.Client)
	w.number("from", o.From)
	if takesArgument(o.Call.Op) {
		w.number("arg", o.Call.Arg)
	}
	if o.pending() {
		return
	}
	w.number("to", o.To)
	w.text("code", o.Code.String())
	state, memory, persistent := resultFields(o.Call.Op, o.Code)
	if state {
		w.text("state", o.Info.State.String())
	}
	if memory {
		w.number("memory", o.Info.Memory)
	}
	if persistent {
		w.flag("persistent", o.Info.Persistent)
	}
}

// takesArgument reports whether a call has an argument besides its domain.
func takesArgument(op driver.Op) bool {
	return op == driver.OpDefine || op == driver.OpSetMemory || op == driver.OpLongJob
}

// resultFields says what a call returns besides its code.
func resultFields(op driver.Op, code driver.Code) (state, memory, persistent bool) {
	switch {
	case op == driver.OpDied:
		return false, false, true
	case code != driver.OK:
		return false, false, false
	case op == driver.OpInfo:
		return true, true, true
	}
	return op == driver.OpQuery, false, false
}

func (w *Writer) job(j *Job) {
	w.buf = append(w.buf[:0], '{')
	w.text("job", j.Type.String())
	w.text("domain", j.Domain)
	w.number("object", int64(j.Object))
	w.text("client", j.Client)
	w.number("asked", j.Asked)
	if j.Begun != Never {
		w.number("begun", j.Begun)
	}
	switch {
	case j.Refused:
		w.number("refused", j.Ended)
	case j.Ended != Never:
		w.number("ended", j.Ended)
	}
}

func (w *Writer) begin(name string, n int64) {
	w.buf = append(w.buf[:0], '{')
	w.number(name, n)
}

func (w *Writer) name(name string) {
	if len(w.buf) > 1 {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '"', ':')
}

func (w *Writer) text(name, value string) {
	w.name(name)
	quoted, _ := json.Marshal(value) // a string always has a JSON form
	w.buf = append(w.buf, quoted...)
}

func (w *Writer) number(name string, n int64) {
	w.name(name)
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

func (w *Writer) flag(name string, b bool) {
	w.name(name)
	w.buf = strconv.AppendBool(w.buf, b)
}

func (w *Writer) line() error {
	w.buf = append(w.buf, '}', '\n')
	_, err := w.out.Write(w.buf)
	return err
}
