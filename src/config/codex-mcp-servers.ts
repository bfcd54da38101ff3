import { parse } from 'smol-toml';
import { isRecord } from '../contracts/json.ts';

/** The names of the MCP servers in a Codex config.toml; none when the text is no TOML (Codex then says so itself). */
export function mcpServerNames(text: string): string[] {
  try {
    const { mcp_servers: servers } = parse(text);
    return isRecord(servers) ? Object.keys(servers) : [];
  } catch {
    return [];
  }
}
