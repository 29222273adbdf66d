package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// A pairsFile keeps the results of pairs for a run that goes on: a line that says of what they are,
// then a result a line.
type pairsFile struct {
	f    *os.File
	done map[string]reports.Result // by scenario
}

type pairsHeader struct {
	Pairs string `json:"pairs"` // a hash of all that they depend on
}

// maxPairsFile is how long such a file may be.
const maxPairsFile = 256 << 20

// openPairs reads what was done and opens the file for more. A file about something else is
// refused, and so is one that is no such file; a last line that was cut off is left out.
func openPairs(name, of string) (*pairsFile, error) {
	p := &pairsFile{done: map[string]reports.Result{}}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > maxPairsFile:
		return nil, fmt.Errorf("%s is no file that lockproof pairs wrote", name)
	}
	if p.f, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, err
	}
	if err := p.read(name, of); err != nil {
		p.f.Close()
		return nil, err
	}
	return p, nil
}

func (p *pairsFile) read(name, of string) error {
	r := bufio.NewReader(p.f)
	var good int64
	for n := 0; ; n++ {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // what is behind the last newline was cut off
		}
		if err != nil {
			return err
		}
		var bad error
		if n == 0 {
			var h pairsHeader
			if bad = json.Unmarshal(line, &h); bad == nil && h.Pairs != of {
				return fmt.Errorf("%s is about other source, threads or faults: name another file, or remove it", name)
			}
		} else {
			var got reports.Result
			if bad = json.Unmarshal(line, &got); bad == nil {
				p.done[got.Scenario] = got
			}
		}
		if bad != nil {
			return fmt.Errorf("%s:%d: this is no line that lockproof pairs wrote", name, n+1)
		}
		good += int64(len(line))
	}
	if err := p.f.Truncate(good); err != nil {
		return err
	}
	if _, err := p.f.Seek(good, io.SeekStart); err != nil {
		return err
	}
	if good > 0 {
		return nil
	}
	return p.line(pairsHeader{of})
}

func (p *pairsFile) line(v any) error {
	b, err := json.Marshal(v)
	if err == nil {
		_, err = p.f.Write(append(b, '\n'))
	}
	return err
}

// keep writes a result that is final. It is nil-safe.
func (p *pairsFile) keep(r *reports.Result) error {
	if p == nil || r.Verdict == model.Unknown {
		return nil
	}
	return p.line(r)
}

// has returns a result of an earlier run.
func (p *pairsFile) has(scenario string) (reports.Result, bool) {
	if p == nil {
		return reports.Result{}, false
	}
	r, ok := p.done[scenario]
	return r, ok
}

func (p *pairsFile) close() error {
	if p == nil {
		return nil
	}
	return p.f.Close()
}
