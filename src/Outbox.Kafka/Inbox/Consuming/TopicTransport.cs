using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Processing;
using Outbox.Kafka.Inbox.Sequencing;

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
            var outages = new Outages(services);
            var turns = new Turns(services, new MessageAttempts(context, services, outages).RunAsync);
            var processor = new MessageProcessor(context, services, health, outages, turns);
            var dispatcher = new KeyedDispatcher(services.Settings, processor.ProcessAsync);
            var loop = new ConsumeLoop(services, dispatcher, new BrokerWatch(services, health));
            var sweep = services.HasBuffer ? new ParkedSweep(services, turns, context.LogContext) : null;
            _run = RunAsync(loop, sweep, health, context);
        }

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        private async Task RunAsync(ConsumeLoop loop, ParkedSweep? sweep, EndpointHealth health, ReceiveEndpointContext context)
        {
            await Task.Yield();
            LogContext.SetCurrentIfNull(context.LogContext);
            await context.DependenciesReady.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The bus start waits for this; Kafka may come later, and its absence is reported as a fault of the running endpoint.
            await health.ReadyAsync().ConfigureAwait(false);
            var sweeping = sweep?.RunAsync(_stopping.Token) ?? Task.CompletedTask;
            await Task.Factory.StartNew(() => loop.Run(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
            await sweeping.ConfigureAwait(false);
        }
    }
}
