// Package crmio holds the stories of what comes in from other systems and
// goes out to them: imports, exports and webhooks.
package crmio
