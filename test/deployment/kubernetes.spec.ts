import { execFile } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { SETTINGS } from '@task/infrastructure';
import { TestService } from '../e2e/http/service';
import { filesLike, readYaml, settingsUnder } from './files';

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}
interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly selector: unknown;
    readonly template: {
      readonly metadata: { readonly labels: unknown };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [
          Readonly<Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', Probe>> & {
            readonly envFrom: readonly Readonly<Record<string, { readonly name: string }>>[];
            readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
            readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
            readonly securityContext: object;
          },
        ];
      };
    };
  };
}

const FILES = filesLike('deploy/kubernetes/*.yaml').filter((file) => basename(file) !== 'kustomization.yaml');
const objects = FILES.map((file) => readYaml<KubernetesObject>(file));

function objectOf<T = KubernetesObject & Record<'spec' | 'data' | 'stringData', never>>(kind: string): T {
  return objects.find((each) => each.kind === kind) as T;
}

/** What is wrong with each object by the schema of Kubernetes. */
function problemsOf(wanted: readonly object[]): Promise<readonly (readonly string[])[]> {
  return new Promise((done, failed) => {
    const script = resolve(__dirname, 'kubernetes-problems.mjs');
    const child = execFile(process.execPath, [script], (error, output) => {
      if (error === null) done(JSON.parse(output));
      else failed(new Error('the check of the objects ended badly', { cause: error }));
    });
    child.stdin?.end(JSON.stringify(wanted));
  });
}

describe('deploy/kubernetes', () => {
  const deployment = objectOf<Deployment>('Deployment');
  const { spec: pod } = deployment.spec.template;
  const [container] = pod.containers;
  const { data } = objectOf<{ data: Record<string, string> }>('ConfigMap');
  const { stringData } = objectOf<{ stringData: Record<string, string> }>('Secret');
  const settings = settingsUnder({ ...data, ...stringData, API_SECRET_KEY: 'a-key-that-is-long-enough' });
  const { spec: scaling } = objectOf<{ spec: Record<string, number> }>('HorizontalPodAutoscaler');

  it('has what the schema of Kubernetes takes, and no name that it does not know', async () => {
    const misspelt = structuredClone(deployment) as unknown as { spec: Record<string, unknown> };
    misspelt.spec.replica = 2;
    const wrong = structuredClone(deployment) as unknown as { spec: Record<string, unknown> };
    wrong.spec.revisionHistoryLimit = 'three';

    const [ofMisspelt, ofWrong, ...ofFiles] = await problemsOf([misspelt, wrong, ...objects]);

    expect(ofFiles).toEqual(objects.map(() => []));
    expect([ofMisspelt?.length, ofWrong?.length]).not.toContain(0);
  });

  it('is applied whole', () => {
    const { resources } = readYaml<{ resources: string[] }>('deploy/kubernetes/kustomization.yaml');

    expect(resources.toSorted()).toEqual(FILES.map((file) => basename(file)));
    expect(objects.map(({ kind }) => kind).sort()).toEqual(
      ['ConfigMap', 'Deployment', 'HorizontalPodAutoscaler', 'Namespace'].concat([
        'PodDisruptionBudget',
        'Secret',
        'Service',
      ]),
    );
  });

  it('sets only what is a setting, secrets in the Secret', () => {
    const known = Object.values<{ name: string; isSecret?: boolean }>(SETTINGS);
    const secret = known.filter(({ isSecret }) => isSecret).map(({ name }) => name);
    const names = known.map(({ name }) => name);

    expect(Object.keys({ ...data, ...stringData }).filter((name) => !names.includes(name))).toEqual([]);
    expect(Object.keys(data).filter((name) => [...secret, 'DATABASE_URL'].includes(name))).toEqual([]);
    expect(container.envFrom.flatMap((from) => Object.values(from).map(({ name }) => name))).toEqual([
      objectOf('ConfigMap').metadata.name,
      objectOf('Secret').metadata.name,
    ]);
  });

  it('does not start with the key that everybody can read here', () => {
    expect(() => settingsUnder({ ...data, ...stringData })).toThrow('API_SECRET_KEY');
  });

  it('opens the ports that the service listens on, and leads to them by name', () => {
    const { ports } = objectOf<{ spec: { ports: { targetPort: string }[] } }>('Service').spec;

    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([
      settings.serverPort,
      settings.taskManagerPort,
    ]);
    expect(ports.map(({ targetPort }) => targetPort)).toEqual(container.ports.map(({ name }) => name));
  });

  it('asks three probes of routes that there are, without a key', async () => {
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    const service = await TestService.start();

    try {
      for (const { httpGet } of probes) {
        expect(container.ports.map(({ name }) => name)).toContain(httpGet.port);
        expect((await fetch(service.baseUrl + httpGet.path)).status).toBe(200);
      }
    } finally {
      await service.close();
    }
  });

  it('does not restart a service whose database is away', () => {
    expect(container.livenessProbe.httpGet.path).toBe('/health/live');
    expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
  });

  it('grants more time to stop than the service takes', () => {
    const { seconds } = container.lifecycle.preStop.sleep;

    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(seconds + settings.shutdownGraceSeconds);
  });

  it('takes requests away from a pod before that stops', () => {
    const { periodSeconds, failureThreshold } = container.readinessProbe;

    expect(container.lifecycle.preStop.sleep.seconds).toBeGreaterThan(periodSeconds * failureThreshold);
  });

  it('leaves PostgreSQL connections to spare when all pods run and one more during an update', () => {
    const { maxReplicas = 0, minReplicas = 0 } = scaling;

    expect((maxReplicas + 1) * settings.databaseMaxConnections).toBeLessThan(100 - 3);
    expect(minReplicas).toBeGreaterThanOrEqual(2);
  });

  it('selects the pods that it makes', () => {
    const { labels } = deployment.spec.template.metadata;
    const { selector: ofService } = objectOf<{ spec: { selector: unknown } }>('Service').spec;
    const { selector: ofBudget } = objectOf<{ spec: { selector: unknown } }>('PodDisruptionBudget').spec;

    expect([deployment.spec.selector, ofBudget]).toEqual([{ matchLabels: labels }, { matchLabels: labels }]);
    expect(ofService).toEqual(labels);
    expect(scaling.scaleTargetRef).toEqual({
      apiVersion: deployment.apiVersion,
      kind: deployment.kind,
      name: deployment.metadata.name,
    });
  });

  it('lets a pod write nowhere, without rights', () => {
    expect(container.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });
});
