// Package page writes a report as one HTML page with its drawings, and a drawing alone as SVG.
package page
