package main

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/folder"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/spf13/cobra"
)

// An answerWriter is where the results of a command go: to stdout as text or JSON, and to a
// directory in all formats.
type answerWriter struct {
	app    *app
	format *format
	out    string
	output *folder.Output
	report *reports.Report
	redact bool // names are replaced
}

// answerFlags gives a command --format and --out.
func (a *app) answerFlags(cmd *cobra.Command) *answerWriter {
	x := &answerWriter{app: a, format: formatFlag(cmd), report: newReport()}
	cmd.Flags().StringVar(&x.out, "out", "", "directory for the report in all formats, written when all is done")
	return x
}

// open makes sure that --out can be written, before anything takes time. close must follow.
func (x *answerWriter) open() (err error) {
	if x.out != "" {
		x.output, err = folder.NewOutput(x.out)
	}
	return err
}

// give takes a result, and shows it unless all of them will be JSON.
func (x *answerWriter) give(r *reports.Result) error {
	x.report.Results = append(x.report.Results, *r)
	if *x.format == jsonFormat {
		return nil
	}
	return terminal.WriteAnswer(x.app.stdout, r, x.app.style())
}

// giveDrill takes the result of one program of many: one that passes is one line.
func (x *answerWriter) giveDrill(r *reports.Result) error {
	if !r.Pass {
		return x.give(r)
	}
	x.report.Results = append(x.report.Results, *r)
	if *x.format == jsonFormat {
		return nil
	}
	return terminal.WriteDrill(x.app.stdout, r, x.app.style())
}

// finish writes what is written in one piece, and sets the exit code. The files are those that the
// results point to.
func (x *answerWriter) finish(files ...syntax.Source) error {
	x.app.code = exitCode(x.report)
	x.report.Cover()
	x.report.Quote(files)
	if x.output != nil {
		if err := x.output.Write(x.report); err != nil {
			return err
		}
	}
	if *x.format == jsonFormat {
		return formats.WriteJSON(x.app.data, x.report)
	}
	return x.writeCoverage()
}

// writeCoverage writes what scenarios come to together, where there are several.
func (x *answerWriter) writeCoverage() error {
	if len(x.report.Results) < 2 || len(x.report.Coverage) == 0 {
		return nil
	}
	return terminal.WriteCoverage(x.app.stdout, x.report.Coverage, x.app.style())
}

// close lets go of an output that was not written.
func (x *answerWriter) close() {
	if err := x.output.Close(); err != nil {
		fmt.Fprintf(x.app.stderr, "lockproof: %v\n", err)
	}
}
