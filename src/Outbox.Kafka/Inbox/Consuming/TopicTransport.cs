using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Batches;
using Outbox.Kafka.Inbox.Failing;
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
            var killSwitch = new KillSwitch(services, health, _stopping.Token);
            var outages = new Outages(services);
            var parking = new Parking(services, new DeadLetters(services, health, outages));
            var attempts = new MessageAttempts(context, services, outages, killSwitch, parking);
            var turns = new Turns(services, attempts.RunAsync);
            IDispatcher dispatcher = services.Settings.Batches is { } limits
                ? new BatchDispatcher(services.Settings, limits, services.Time, new BatchProcessor(context, services, health, outages, attempts).ProcessAsync)
                : new KeyedDispatcher(services.Settings, new MessageProcessor(context, services, health, outages, turns).ProcessAsync);
            var loop = new ConsumeLoop(services, dispatcher, new BrokerWatch(services, health));
            var sweep = services.HasBuffer ? new ParkedSweep(services, turns, context.LogContext) : null;
            _run = RunAsync(loop, sweep, health, context, services);
        }

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        private async Task RunAsync(ConsumeLoop loop, ParkedSweep? sweep, EndpointHealth health, ReceiveEndpointContext context, EndpointServices services)
        {
            await Task.Yield();
            LogContext.SetCurrentIfNull(context.LogContext);
            await context.DependenciesReady.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The bus start waits for this; Kafka may come later, and its absence is reported as a fault of the running endpoint.
            await health.ReadyAsync().ConfigureAwait(false);
            var checking = services.Retention.RunAsync(services.Settings.Group, RegisteredTopics(services), _stopping.Token);
            var sweeping = sweep?.RunAsync(_stopping.Token) ?? Task.CompletedTask;
            await Task.Factory.StartNew(() => loop.Run(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
            await sweeping.ConfigureAwait(false);
            await checking.ConfigureAwait(false);
        }

        private static IEnumerable<string> RegisteredTopics(EndpointServices services) => services.Registry.All
            .Select(message => services.Kafka.TopicPrefix + message.Topic).Distinct().Where(services.Topics.Matches);
    }
}
