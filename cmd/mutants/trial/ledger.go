package trial

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/lockproof/lockproof/cmd/mutants/mutant"
)

// A Ledger is a file with one result a line, to which a run that was cut is added when it goes on,
// and with one line for each suite that passed without a mutant. The last line about a mutant
// counts.
type Ledger struct {
	file   *os.File
	known  map[string]*Result // by ID
	passed map[string]Pass    // by import path
}

// A Pass is a suite that passed without a mutant, and how long it took.
type Pass struct {
	Suite   string             `json:"suite"` // its import path
	Seconds float64            `json:"seconds"`
	Slow    map[string]float64 `json:"slow"` // the tests that took more than a small part of that, and how much
}

// OpenLedger reads what a file knows, if there is one. A last line that was cut is not known.
func OpenLedger(name string) (*Ledger, error) {
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l := &Ledger{known: map[string]*Result{}, passed: map[string]Pass{}}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	line := 0
	for text := range bytes.Lines(whole) {
		line++
		r, p := &Result{}, &Pass{}
		if err := errors.Join(json.Unmarshal(text, r), json.Unmarshal(text, p)); err != nil {
			return nil, fmt.Errorf("%s:%d: not a result: %w", name, line, err)
		}
		if p.Suite != "" {
			l.passed[p.Suite] = *p
			continue
		}
		if r.Mutant == nil || r.Verdict == "" {
			return nil, fmt.Errorf("%s:%d: not a result", name, line)
		}
		l.known[r.ID] = r
	}
	l.file, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := l.file.Truncate(int64(len(whole))); err != nil {
		return nil, errors.Join(err, l.file.Close())
	}
	if _, err := l.file.Seek(0, io.SeekEnd); err != nil {
		return nil, errors.Join(err, l.file.Close())
	}
	return l, nil
}

// Known is the result of a mutant, or nil. Another change with the same ID does not count: the file
// has been edited in between.
func (l *Ledger) Known(m *mutant.Mutant) *Result {
	r := l.known[m.ID]
	if r == nil || r.Diff != m.Diff {
		return nil
	}
	r.Mutant = m
	return r
}

// Passed are the suites that are known to pass without a mutant, by import path.
func (l *Ledger) Passed() map[string]Pass { return l.passed }

// Add writes a result down.
func (l *Ledger) Add(r *Result) error {
	l.known[r.ID] = r
	return l.write(r)
}

// AddPassed writes down that a suite passes without a mutant.
func (l *Ledger) AddPassed(p Pass) error {
	l.passed[p.Suite] = p
	return l.write(p)
}

func (l *Ledger) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = l.file.Write(append(line, '\n'))
	return err
}

// Close ends the writing.
func (l *Ledger) Close() error { return l.file.Close() }
