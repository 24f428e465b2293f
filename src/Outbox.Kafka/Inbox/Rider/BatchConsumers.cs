using System.Runtime.CompilerServices;
using MassTransit;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>Finds the endpoint's consumers of batches, and takes over from MassTransit how these are put together.</summary>
internal sealed class BatchConsumers : IConsumerConfigurationObserver
{
    // Options may be shared by endpoints, and are changed when they are taken over.
    private static readonly ConditionalWeakTable<BatchOptions, BatchLimits> Taken = [];

    private readonly List<BatchOptions> _options = [];

    /// <summary>Whether there are any.</summary>
    public bool Any => _options.Count > 0;

    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class
    {
        if (typeof(TConsumer).GetInterfaces().Any(ConsumesBatch))
        {
            _options.Add(configurator.Options<BatchOptions>());
        }
    }

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class
    {
    }

    /// <summary>MassTransit's part is to let each batch through that the endpoint has put together: one context for all its messages.</summary>
    /// <returns>The limits that were given; <see langword="null"/> where only MassTransit can make the batches.</returns>
    public BatchLimits? TakeOver()
    {
        if (_options is not [{ GroupKeyProvider: null, TimeLimitStart: BatchTimeLimitStart.FromFirst } options])
        {
            return null;
        }

        var limits = Taken.GetValue(options, given => new BatchLimits(given.MessageLimit, given.ConcurrencyLimit, given.TimeLimit));
        options.MessageLimit = 1;
        return limits;
    }

    private static bool ConsumesBatch(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConsumer<>)
        && type.GenericTypeArguments[0] is { IsGenericType: true } message && message.GetGenericTypeDefinition() == typeof(Batch<>);
}
