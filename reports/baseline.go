package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports/staging"
)

// A Baseline lists known problems, so that a project which has some can adopt the gate: only new
// ones fail.
type Baseline struct {
	Version  int            `json:"version"`
	Problems []KnownProblem `json:"problems"`
}

// A KnownProblem entry is an identity with the message that it had when it was written, for whoever
// reads the file.
type KnownProblem struct {
	Fingerprint string `json:"fingerprint"`
	Identity
	Message string `json:"message"`
}

// NewBaseline lists the problems of a report.
func NewBaseline(r *Report) *Baseline {
	b := &Baseline{Version: Version, Problems: []KnownProblem{}}
	for _, p := range r.Problems() {
		b.Problems = append(b.Problems, KnownProblem{p.Fingerprint(), p.Identity, p.Message})
	}
	return b
}

// WriteBaseline writes a baseline as one object, an entry for each problem.
func WriteBaseline(w io.Writer, b *Baseline) error {
	enc := json.NewEncoder(printable.NewJSON(w))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(b)
}

// ReadBaseline reads a baseline strictly: a field that is unknown or of the wrong type, another
// version, or an entry whose fingerprint is not that of its fields is an error, for a baseline that
// is misread lets defects through. name is for messages.
func ReadBaseline(name string, text []byte) (*Baseline, error) {
	var b Baseline
	if err := decodeStrictly(name, text, &b); err != nil {
		return nil, err
	}
	if b.Version != Version {
		return nil, fmt.Errorf("%s: version %d of a baseline, this is %d", name, b.Version, Version)
	}
	if b.Problems == nil {
		return nil, fmt.Errorf("%s: no list of problems", name)
	}
	var all []error
	seen := map[string]bool{}
	for i, p := range b.Problems {
		switch want := p.Identity.Fingerprint(); {
		case p.Fingerprint != want:
			all = append(all, fmt.Errorf("%s: entry %d: the fingerprint is not that of its fields, which is %s",
				name, i+1, want))
		case seen[p.Fingerprint]:
			all = append(all, fmt.Errorf("%s: entry %d: %s is listed twice", name, i+1, p.Fingerprint))
		}
		seen[p.Fingerprint] = true
	}
	return &b, errors.Join(all...)
}

// maxBaselineBytes bounds a baseline: forty thousand problems.
const maxBaselineBytes = 16 << 20

// LoadBaseline reads a file as [files.ReadGiven] does: it lies in a checkout, and no symbolic link
// leads out of there.
func LoadBaseline(ctx context.Context, file string) (*Baseline, error) {
	text, err := files.ReadGiven(ctx, file, maxBaselineBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the baseline: %w", err)
	}
	return ReadBaseline(file, text)
}

// SaveBaseline writes a file whole, or leaves it as it was.
func SaveBaseline(file string, b *Baseline) error {
	var text bytes.Buffer
	if err := WriteBaseline(&text, b); err != nil {
		return fmt.Errorf("writing the baseline: %w", err)
	}
	if err := staging.Replace(staging.File{Name: file, Text: text.Bytes()}); err != nil {
		return fmt.Errorf("writing the baseline: %w", err)
	}
	return nil
}

// Mark marks one result before the report is complete; a nil baseline knows nothing.
func (b *Baseline) Mark(r *Result) {
	if b == nil {
		return
	}
	one := &Report{Results: []Result{*r}}
	b.Apply(one)
	r.Known = one.Results[0].Known
}

// knows tells whether all problems are listed.
func (b *Baseline) knows(ps []Problem) bool {
	for _, p := range ps {
		if !b.lists(p.Identity) {
			return false
		}
	}
	return len(ps) > 0
}

func (b *Baseline) lists(id Identity) bool {
	for _, k := range b.Problems {
		if k.Identity == id {
			return true
		}
	}
	return false
}

// Apply marks the results and findings all of whose problems the baseline lists, and returns the
// entries that no problem needed: what they listed is repaired. A nil baseline lists nothing.
func (b *Baseline) Apply(r *Report) (repaired []KnownProblem) {
	if b == nil {
		return nil
	}
	of := map[any][]Problem{}
	used := map[Identity]bool{}
	for _, p := range r.Problems() {
		used[p.Identity] = true
		if p.Result != nil {
			of[p.Result] = append(of[p.Result], p)
		} else {
			of[p.Finding] = append(of[p.Finding], p)
		}
	}
	for i := range r.Results {
		r.Results[i].Known = b.knows(of[&r.Results[i]])
	}
	for i := range r.Findings {
		r.Findings[i].Known = b.knows(of[&r.Findings[i]])
	}
	for _, k := range b.Problems {
		if !used[k.Identity] {
			repaired = append(repaired, k)
		}
	}
	return repaired
}

// decodeStrictly reads one JSON object and nothing else. Errors of syntax carry the line and
// column.
func decodeStrictly(name string, text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	offset := dec.InputOffset()
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &wrong):
		offset = wrong.Offset
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		offset, err = int64(len(text)), errors.New("the file ends too early")
	}
	before := text[:min(int(offset), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("%s:%d:%d: %w", name, line, column, err)
}
