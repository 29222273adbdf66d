package linear

import (
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/driver"
)

// Judge is for runs in which one goroutine at a time does anything: who observes the goroutine of a name, and what is to be said of all that
// they saw once the run is over. Histories without an explanation are an error; one that was not decided is none.
func Judge() (observe func(name string) driver.Observer, judge func() error) {
	r := NewRecorder(Steps())
	return r.Observe, func() error {
		c := NewChecker(Options{})
		c.Add(r.Drain())
		report := c.Finish(true)
		if report.Verdict() != Illegal {
			return nil
		}
		v := report.Violations()[0]
		text := fmt.Sprintf("no order of these %s steps on %s explains them:", v.Layer, v.Domain)
		for i, s := range v.Steps {
			if i > 0 {
				text += ";"
			}
			text += fmt.Sprintf(" %s: %s", s.Client, s.Text)
		}
		return errors.New(text)
	}
}
