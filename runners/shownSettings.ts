import type { LaunchSettings, Settings, TargetSettings } from '../contract/config.ts';
import type { ClientSecurity } from '../contract/security.ts';
import { redactBusUrl } from './broker/redactBusUrl.ts';
import { shownCommand } from './launch/commandText.ts';

/** What was asked for, as it may stand in a result: values that may be secrets are left out, their names stay. */
export function shownSettings(settings: Settings): Record<string, unknown> {
  const { target, buses: given, ...rest } = settings;
  const buses = Object.fromEntries(Object.entries(given).map(([kind, url]) => [kind, redactBusUrl(url)]));
  return { ...rest, buses, target: target === null ? null : shownTarget(target) };
}

function shownTarget(target: TargetSettings): Record<string, unknown> {
  const { headers, publishHeaders, publishBody, security, launch } = target;
  return {
    ...target,
    headers: Object.keys(headers),
    publishHeaders: Object.keys(publishHeaders),
    // What stands around a payload may be an API key.
    publishBody: publishBody === null ? null : { contentType: publishBody.contentType },
    security: shownSecurity(security),
    launch: launch === null ? null : shownLaunch(launch),
  };
}

function shownLaunch(launch: LaunchSettings): Record<string, unknown> {
  const { install, build, start, env } = launch;
  return {
    ...launch,
    install: install === null ? null : shownCommand(install),
    build: build === null ? null : shownCommand(build),
    start: shownCommand(start),
    env: Object.keys(env),
  };
}

/** Names only: a private key is a secret, and certificates say who the user is. */
function shownSecurity(security: ClientSecurity | null): Record<string, unknown> | null {
  if (security === null) return null;
  return {
    authorities: security.ca === null ? 'system' : 'given',
    clientCertificate: security.certificate !== null,
    serverName: security.serverName,
  };
}
