// Preloaded by the benchmarks: tells peak memory in kilobytes and CPU time in milliseconds when the process ends.
const fs = require('node:fs');

/** What resourceUsage says begins with the memory of the process that forked this one. */
function peakKilobytes(usage) {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return usage.maxRSS;
  }
}

process.on('exit', () => {
  const usage = process.resourceUsage();
  const cpuMs = (usage.userCPUTime + usage.systemCPUTime) / 1000;
  fs.writeFileSync(process.env.CSEP_PEAK_FILE, `${peakKilobytes(usage)} ${cpuMs}`);
});
