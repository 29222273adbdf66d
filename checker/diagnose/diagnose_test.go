package diagnose

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	at := time.Date(2031, 8, 22, 4, 0, 33, 90e6, time.UTC).UnixNano()
	for _, tt := range []struct {
		m    Moment
		want string
	}{
		{Moment{}, ""},
		{Moment{Clock: Instant, Nanos: at}, "2031-08-22T04:00:33.090+00:00"},
		{Moment{Clock: Instant, Nanos: at, Zone: 7200}, "2031-08-22T06:00:33.090+02:00"},
		{Moment{Clock: WallTime, Nanos: at}, "2031-08-22T04:00:33.090"},
		{Moment{Clock: Yearless, Nanos: at}, "--08-22T04:00:33.090"},
		{Moment{Clock: Seconds, Nanos: -412e9}, "-412.000"},
	} {
		if got := tt.m.String(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.m, got, tt.want)
		}
	}
	a, b := Moment{Clock: Instant, Nanos: at}, Moment{Clock: WallTime, Nanos: at}
	if d, ok := a.Add(time.Second).Sub(a); !ok || d != time.Second {
		t.Error(d, ok)
	}
	if _, ok := a.Sub(b); ok {
		t.Error("an instant and a wall clock are compared")
	}
	if (Moment{}).Add(time.Second).Known() {
		t.Error("a moment that is not known came to be one")
	}
}

// What nobody knows is said in three lines at most: what it looks like, what was looked for, what
// to send.
func TestUnreadable(t *testing.T) {
	for head, want := range map[string]string{
		"":                      "an empty file",
		" \n\n":                 "a file of blanks",
		"\x7fELF\x02\x01\x01":   "an ELF binary",
		"\x00\x01\x02\xff\xfe":  "a binary file",
		"<!DOCTYPE html><html>": "a web page",
		"{\"a\":1}":             "JSON of something else",
		"12:00:00 hello\n":      "a log of something else",
		"good morning\n":        "nothing in it comes from libvirtd",
	} {
		_, err := Choose(nil, "x", []byte(head))
		if !IsUnreadable(err) || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "\n") > 2 {
			t.Errorf("%q: %v, want %s", head, err, want)
		}
	}
}

type knows struct{ Recognition }

func (k knows) Recognise([]byte) Recognition                    { return k.Recognition }
func (knows) Read(context.Context, []Input) (*Diagnosis, error) { return nil, errors.New("not read") }

// The reader that knows an input best reads it, and of equals the first.
func TestChoose(t *testing.T) {
	a, b, c := knows{Perhaps}, knows{Certain}, &struct{ knows }{knows{Certain}}
	if r, err := Choose([]Reader{a, b, c}, "x", nil); err != nil || r != b {
		t.Error(r, err)
	}
	if _, err := Choose([]Reader{knows{Foreign}}, "x", []byte("a")); !IsUnreadable(err) {
		t.Error(err)
	}
}

// Every word of a vocabulary has a meaning, and none stands twice.
func TestVocabulary(t *testing.T) {
	words(t, Formats())
	words(t, Causes())
	words(t, Unknowns())
	if Meaning(Causes(), "none such") != "" {
		t.Error("a word that is none has a meaning")
	}
}

func words[T ~string](t *testing.T, all []Word[T]) {
	t.Helper()
	seen := map[T]bool{}
	for _, w := range all {
		if w.Meaning == "" || seen[w.Word] {
			t.Errorf("%q: %q", w.Word, w.Meaning)
		}
		seen[w.Word] = true
	}
}

// Lists are bounded, and what is beyond is counted.
func TestBounds(t *testing.T) {
	var d Diagnosis
	for range MostListed + 3 {
		d.AddHolder(Holder{})
		d.AddWaiter(Waiter{})
		d.AddFinding(Finding{Rule: "job-leak"})
		d.Cannot(NoYear, NoYear)
	}
	if len(d.Holders) != MostListed || d.MoreHolders != 3 || len(d.Waiters) != MostListed || d.MoreWaiters != 3 || len(d.Findings) != MostListed || d.MoreFindings != 3 {
		t.Error(len(d.Holders), d.MoreHolders, len(d.Waiters), d.MoreWaiters, len(d.Findings), d.MoreFindings)
	}
	if len(d.Rules) != 1 || len(d.CannotTell) != 1 {
		t.Error(d.Rules, d.CannotTell)
	}
}
