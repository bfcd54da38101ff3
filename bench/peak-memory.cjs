// Preloaded by the benchmark: tells the peak of resident memory in kilobytes when the process ends.
const fs = require('node:fs');

process.on('exit', () => fs.writeFileSync(process.env.CSEP_PEAK_FILE, String(process.resourceUsage().maxRSS)));
