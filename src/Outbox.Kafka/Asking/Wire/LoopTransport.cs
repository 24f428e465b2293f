using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Asking.Wire;

/// <summary>What MassTransit starts and stops: one thread that reads.</summary>
/// <param name="context">The endpoint's.</param>
/// <param name="shown">What a probe shows.</param>
/// <param name="start">Makes what is to run until it is cancelled.</param>
internal sealed class LoopTransport(
    ReceiveEndpointContext context, object shown, Func<CancellationToken, (EndpointHealth Health, Action<CancellationToken> Loop)> start) : IReceiveTransport
{
    public ReceiveTransportHandle Start() => new Running(context, start);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => context.ConnectReceiveTransportObserver(observer);

    public void Probe(ProbeContext context) => context.CreateScope("kafkaRequests").Set(shown);

    private sealed class Running : ReceiveTransportHandle
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _run;

        public Running(ReceiveEndpointContext context, Func<CancellationToken, (EndpointHealth Health, Action<CancellationToken> Loop)> start) =>
            _run = RunAsync(context, start(_stopping.Token));

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        private async Task RunAsync(ReceiveEndpointContext context, (EndpointHealth Health, Action<CancellationToken> Loop) running)
        {
            await Task.Yield();
            LogContext.SetCurrentIfNull(context.LogContext);
            await context.DependenciesReady.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The bus start waits for this; Kafka may come later.
            running.Health.State.Started();
            await running.Health.ReadyAsync().ConfigureAwait(false);
            await Task.Factory.StartNew(() => running.Loop(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            await running.Health.CompletedAsync().ConfigureAwait(false);
        }
    }
}
