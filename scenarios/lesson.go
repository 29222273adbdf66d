package scenarios

import (
	"embed"
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/rogpeppe/go-internal/txtar"
)

//go:embed lessons
var lessonFiles embed.FS

// A Lesson shows a kind of broken rule, or a verdict, in a few lines of C.
type Lesson struct {
	Name     string
	Question Question // about both files
	Bad      string   // the C in which it is found
	Good     string   // the same without it, which is ok
}

// LessonOf finds the lesson about a kind or a verdict; nil when there is none.
func LessonOf(name string) (*Lesson, error) {
	text, err := lessonFiles.ReadFile("lessons/" + name + ".txtar")
	if err != nil {
		return nil, nil
	}
	a := txtar.Parse(text)
	l := &Lesson{Name: name}
	for line := range strings.Lines(string(a.Comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "threads":
			l.Question.Threads = value
		case "protocol":
			l.Question.Protocol = value
		case "faults":
			l.Question.Faults = strings.Split(value, ", ")
		case "races":
			l.Question.Races = Races(value)
		case "fairness":
			l.Question.Fairness = model.Fairness(value)
		case "leaks":
			l.Question.Leaks = Leaks(value)
		default:
			return nil, fmt.Errorf("lesson %s: unknown key %q", name, key)
		}
	}
	for _, f := range a.Files {
		switch f.Name {
		case "bad.c":
			l.Bad = string(f.Data)
		case "good.c":
			l.Good = string(f.Data)
		}
	}
	return l, nil
}
