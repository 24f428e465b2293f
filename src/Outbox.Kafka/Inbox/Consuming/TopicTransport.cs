using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Processing;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>What MassTransit starts and stops: one consumer with its dispatcher.</summary>
internal sealed class TopicTransport(ReceiveEndpointContext context, EndpointServices services) : IReceiveTransport
{
    public ReceiveTransportHandle Start() => new Running(context, services);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => context.ConnectReceiveTransportObserver(observer);

    public void Probe(ProbeContext context) => context.CreateScope("kafkaOutbox").Set(new { services.Settings.Topic, services.Settings.Group });

    private sealed class Running : ReceiveTransportHandle
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _run;

        public Running(ReceiveEndpointContext context, EndpointServices services)
        {
            var health = new EndpointHealth(context);
            var processor = new MessageProcessor(context, services, health);
            var dispatcher = new KeyedDispatcher(services.Settings, processor.ProcessAsync);
            var loop = new ConsumeLoop(services, dispatcher, new BrokerWatch(services, health));
            _run = RunAsync(loop, health, context);
        }

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        private async Task RunAsync(ConsumeLoop loop, EndpointHealth health, ReceiveEndpointContext context)
        {
            await Task.Yield();
            LogContext.SetCurrentIfNull(context.LogContext);
            await context.DependenciesReady.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The bus start waits for this; Kafka may come later, and its absence is reported as a fault of the running endpoint.
            await health.ReadyAsync().ConfigureAwait(false);
            await Task.Factory.StartNew(() => loop.Run(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
    }
}
