package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/terminal"
)

// isRecord reports whether an evidence is a history of our own, rather than something of libvirt.
func isRecord(e *evidence, readers []diagnose.Reader) bool {
	if bytes.HasPrefix(bytes.TrimLeft(e.head, " \t\r\n\ufeff"), []byte(`{"history"`)) {
		return true
	}
	if !strings.HasSuffix(strings.TrimSuffix(e.name, ".zst"), ".jsonl") {
		return false
	}
	return !slices.ContainsFunc(readers, func(r diagnose.Reader) bool { return r.Recognise(e.head) >= diagnose.Fits })
}

// A pile is what one reader reads in one go.
type pile struct {
	reader diagnose.Reader
	all    []*evidence
	starts []diagnose.Moment
}

// piles sorts what is to be read by who reads it, and each pile by time. What lies in a directory
// and is nothing that a reader knows is left out, and so is a document beside logs; what the user
// named must be something.
func piles(all []*evidence, readers []diagnose.Reader) ([]*pile, error) {
	var out []*pile
	var problems []error
	sure := slices.ContainsFunc(all, func(e *evidence) bool {
		return (!e.found || !isDocument(e.name)) &&
			slices.ContainsFunc(readers, func(r diagnose.Reader) bool { return r.Recognise(e.head) >= diagnose.Fits })
	})
	for _, e := range all {
		r, err := diagnose.Choose(readers, e.name, e.head)
		if err == nil && e.found && sure && (r.Recognise(e.head) < diagnose.Fits || isDocument(e.name)) {
			continue
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		i := slices.IndexFunc(out, func(p *pile) bool { return p.reader == r })
		if i < 0 {
			i = len(out)
			out = append(out, &pile{reader: r})
		}
		out[i].add(e)
	}
	named := slices.ContainsFunc(all, func(e *evidence) bool {
		return !e.found && slices.ContainsFunc(problems, func(err error) bool {
			var u *diagnose.Unreadable
			return errors.As(err, &u) && u.Name == e.name
		})
	})
	if len(out) == 0 || named {
		return nil, errors.Join(problems[:min(len(problems), 3)]...)
	}
	return out, nil
}

// add puts an evidence where it belongs in time, as far as that is known; else behind the others.
func (p *pile) add(e *evidence) {
	var start diagnose.Moment
	if s, ok := p.reader.(diagnose.Starter); ok {
		start = s.Start(e.head)
	}
	i := len(p.all)
	for i > 0 {
		if later, ok := p.starts[i-1].Sub(start); !ok || later <= 0 {
			break
		}
		i--
	}
	p.all, p.starts = slices.Insert(p.all, i, e), slices.Insert(p.starts, i, start)
	e.head = nil
}

// diagnose reads all that is there, and reports the diagnosis that matters most first.
func (x *answerWriter) diagnose(ctx context.Context, all []*evidence) error {
	found, err := piles(all, libvirt.Readers(libvirt.Options{Timeline: x.output != nil}))
	if err != nil {
		return err
	}
	type answer struct {
		names []string
		d     *diagnose.Diagnosis
	}
	var given []answer
	var problems []error
	for _, p := range found {
		var inputs []diagnose.Input
		var names []string
		for _, e := range p.all {
			inputs, names = append(inputs, e.input(ctx)), append(names, e.name)
		}
		d, err := p.reader.Read(ctx, inputs)
		switch {
		case diagnose.IsUnreadable(err):
			problems = append(problems, err)
		case err != nil:
			return err
		default:
			given = append(given, answer{names, d})
		}
	}
	if len(given) == 0 {
		return errors.Join(problems...)
	}
	slices.SortStableFunc(given, func(a, b answer) int {
		return reports.Choose(b.d.Fault, 1, 0) - reports.Choose(a.d.Fault, 1, 0)
	})
	for _, g := range given {
		answers.AddDiagnosis(x.report, g.names, g.d)
	}
	if x.output != nil && !x.redact {
		x.quoteLogs(ctx, all)
	}
	return x.end()
}

// show writes what is to be said so far.
func (x *answerWriter) show(name string, d *diagnose.Diagnosis) error {
	x.report = newReport()
	answers.AddDiagnosis(x.report, []string{name}, d)
	x.redacted()
	if *x.format == jsonFormat {
		return formats.WriteJSON(x.app.data, x.report)
	}
	return x.writeDiagnoses()
}

// end writes what is said at last, and sets the exit code.
func (x *answerWriter) end() error {
	x.redacted()
	if *x.format != jsonFormat {
		if err := x.writeDiagnoses(); err != nil {
			return err
		}
		for i := range x.report.Results {
			if err := terminal.WriteAnswer(x.app.stdout, &x.report.Results[i], x.app.style()); err != nil {
				return err
			}
		}
	}
	return x.finish()
}

// redacted takes out of the report what is nobody else's concern, if that was asked for.
func (x *answerWriter) redacted() {
	if x.redact {
		reports.Redact(x.report)
	}
}

func (x *answerWriter) writeDiagnoses() error {
	findings := x.report.Findings
	for _, d := range x.report.Diagnosed() {
		n := min(d.Findings, len(findings))
		if err := terminal.WriteDiagnosis(x.app.stdout, d, findings[:n], x.app.style()); err != nil {
			return err
		}
		findings = findings[n:]
	}
	flush(x.app.stdout)
	return nil
}
