using MassTransit;
using MassTransit.Transports;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>What MassTransit starts and stops: one consumer, and the way that its messages take.</summary>
internal sealed class TopicTransport(ReceiveEndpointContext context, EndpointParts parts) : IReceiveTransport
{
    public ReceiveTransportHandle Start() => new Running(context, parts);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => context.ConnectReceiveTransportObserver(observer);

    public void Probe(ProbeContext context) => context.CreateScope("kafkaOutbox").Set(parts.Shown);

    private sealed class Running : ReceiveTransportHandle
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _run;

        public Running(ReceiveEndpointContext context, EndpointParts parts) => _run = RunAsync(context, parts, parts.Start(context, _stopping.Token));

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        private async Task RunAsync(ReceiveEndpointContext context, EndpointParts parts, RunningParts running)
        {
            await Task.Yield();
            LogContext.SetCurrentIfNull(context.LogContext);
            await context.DependenciesReady.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The bus start waits for this; Kafka may come later, and its absence is reported as a fault of the running endpoint.
            running.Health.State.Started();
            await running.Health.ReadyAsync().ConfigureAwait(false);
            var checking = parts.CheckRetentionAsync(_stopping.Token);
            var sweeping = running.Sweep?.RunAsync(parts.RevokeTimeout, _stopping.Token) ?? Task.CompletedTask;
            var watching = running.Replays?.RunAsync(parts.LookInterval, _stopping.Token) ?? Task.CompletedTask;
            await Task.Factory.StartNew(() => running.Loop.Run(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
            await sweeping.ConfigureAwait(false);
            await watching.ConfigureAwait(false);
            await (running.Replays?.LeaveAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            await checking.ConfigureAwait(false);
            await running.Health.CompletedAsync().ConfigureAwait(false);
        }
    }
}
