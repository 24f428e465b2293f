using System.Collections.Concurrent;
using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Pipeline;

/// <summary>What filters and observers saw.</summary>
public sealed class Seen
{
    public ConcurrentQueue<string> Lines { get; } = new();
}

public sealed class SeeingFilter<T>(Seen seen) : IFilter<ConsumeContext<T>>
    where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        seen.Lines.Enqueue($"filter {typeof(T).Name}");
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("seeing");
}

public sealed class SeeingObserver(Seen seen) : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => See("before", typeof(T));

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class => See("after", typeof(T));

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => See("fault", typeof(T));

    private Task See(string what, Type type)
    {
        seen.Lines.Enqueue($"{what} {type.Name}");
        return Task.CompletedTask;
    }
}

public sealed class DefinedConsumer(Probe probe) : IConsumer<OrderCancelled>
{
    public Task Consume(ConsumeContext<OrderCancelled> context)
    {
        probe.Run(context.Message);
        throw new InvalidOperationException("each attempt fails");
    }
}

public sealed class DefinedConsumerDefinition : ConsumerDefinition<DefinedConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<DefinedConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseMessageRetry(r => r.Immediate(2));
}
