package stacks

import (
	"bytes"
	"context"
	"strings"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/backtrace"
	"github.com/lockproof/lockproof/libvirt/lazy"
	"github.com/lockproof/lockproof/libvirt/plain"
	"github.com/lockproof/lockproof/libvirt/protocol"
)

// Reader reads stacks of threads.
type Reader struct{}

var (
	head = lazy.New(
		`^\s*(?:\*?\s*Thread \d+ \((?:Thread |LWP |process )|Stack trace of thread \d+:|TID \d+:|\[Switching to thread \d+ )`)
	row  = lazy.New(`^\s*#\d{1,4}\s+(?:0x[0-9a-fA-F]+ )?(?:in |- 1 )?[\w?<]+ ?[^\n]*`)
	bare = lazy.New(`^\s*\d{1,4}\s+0x[0-9a-fA-F]{8,16}(?:\s+in| - 1)?\s+[\w?<]+`)
)

// Recognise knows stacks by the heads of threads, or by the rows of their functions.
func (Reader) Recognise(start []byte) diagnose.Recognition {
	if diagnose.IsBinary(start) {
		return diagnose.Foreign
	}
	heads, rows, pointers := 0, 0, 0
	for text := range bytes.Lines(start) {
		for line := range strings.SplitSeq(plain.Line(string(text)), "#012") {
			switch {
			case head.MatchString(line):
				heads++
			case row.MatchString(line):
				rows++
				if strings.Contains(line, "0x") || strings.Contains(line, " at ") {
					pointers++
				}
			case bare.MatchString(line):
				rows, pointers = rows+1, pointers+1
			}
		}
	}
	switch {
	case heads > 0 && rows > 0:
		return diagnose.Certain
	case rows >= 2 && pointers > 0:
		return diagnose.Fits
	}
	return diagnose.Foreign
}

// Read diagnoses the dumps of all inputs together.
func (Reader) Read(ctx context.Context, inputs []diagnose.Input) (*diagnose.Diagnosis, error) {
	var all []*scene
	var lines, foreign, left, strangers int
	var cut []diagnose.Claim
	for _, in := range inputs {
		f, err := backtrace.Read(ctx, in)
		if err != nil {
			return nil, err
		}
		lines, foreign, left = lines+f.Lines, foreign+f.Foreign, left+f.LeftOut
		for _, d := range f.Dumps {
			if !protocol.OfLibvirt(d) {
				strangers++
				continue
			}
			all = append(all, newScene(in.Name, d))
		}
		if f.LastLine != "" {
			cut = append(cut, diagnose.Claim{
				Text: "the text ends within a stack: " + f.LastLine,
				At:   []diagnose.Place{{File: in.Name, Line: f.Lines}},
			})
		}
	}
	if len(all) == 0 && strangers > 0 {
		return nil, &diagnose.Unreadable{Name: inputs[0].Name, Looks: "stacks of another program", Read: int64(lines)}
	}
	if len(all) == 0 {
		return nil, &diagnose.Unreadable{
			Name: inputs[0].Name, Looks: "stacks without a function that can be read",
			Read: int64(lines),
		}
	}
	d := answer(processes(all))
	d.Notes = append(d.Notes, cut...)
	threads := 0
	for _, s := range all {
		threads += len(s.threads)
	}
	d.Counts = []diagnose.Count{
		{What: "dumps", N: int64(len(all))},
		{What: "threads", N: int64(threads)},
		{What: "lines", N: int64(lines)},
		{What: "lines that belong to no stack", N: int64(foreign)},
	}
	if strangers > 0 {
		d.Counts = append(d.Counts, diagnose.Count{
			What: "dumps of other programs, which are not looked at",
			N:    int64(strangers),
		})
	}
	if left > 0 {
		d.Counts = append(d.Counts, diagnose.Count{What: "threads and functions beyond what is kept", N: int64(left)})
	}
	return d, nil
}

// Diagnose diagnoses dumps that were read from something else than a backtrace.
func Diagnose(file string, dumps []*backtrace.Dump) *diagnose.Diagnosis {
	var all []*scene
	for _, d := range dumps {
		all = append(all, newScene(file, d))
	}
	return answer(processes(all))
}
