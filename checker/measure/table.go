package measure

import (
	"fmt"
	"io"
	"time"
)

const header = "mix     threads domains  engine     reduction  verdict        states  transitions   states/s  " +
	"B/state      time\n"

// WriteHeader writes the line above the rows.
func WriteHeader(w io.Writer) error {
	_, err := io.WriteString(w, header)
	return err
}

// WriteRow writes one row as a line.
func WriteRow(w io.Writer, r *Row) error {
	verdict := string(r.Verdict)
	if r.Limit != "" {
		verdict = r.Limit
	}
	_, err := fmt.Fprintf(w, "%-8s%7d %7d  %-10s %-10s %-11s %9d %12s %10s %8s %9s\n", r.Mix, r.Threads, r.Domains,
		r.Engine, r.Reduction,
		verdict, r.States, known("%.0f", float64(r.Transitions)), known("%.0f", r.Rate()), known("%.1f", r.BytesPerState()),
		time.Duration(r.Seconds*float64(time.Second)).Round(100*time.Microsecond))
	return err
}

// known writes a figure, or a dash for one that is not known.
func known(format string, x float64) string {
	if x == 0 {
		return "-"
	}
	return fmt.Sprintf(format, x)
}
