using System.ComponentModel.DataAnnotations;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Asking.Topics;

/// <summary>One type of request that this service asks, and how many of it wait.</summary>
internal sealed class RequestDefinition
{
    private readonly RequestClientOptions _options;
    private int _pending;

    public RequestDefinition(Type type, string topic, RequestClientOptions options)
    {
        TopicName.Check(topic);
        IntentRules.CheckAsked(type);
        (Type, Topic, _options) = (type, topic, options);
        try
        {
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        }
        catch (ValidationException error)
        {
            throw new OutboxConfigurationException($"AddOutboxRequestClient<{type.Name}>(\"{topic}\", …): {error.Message}", error);
        }
    }

    public Type Type { get; }

    /// <summary>Its name on the wire.</summary>
    public string Name => MessageTypeName.Of(Type);

    /// <summary>The topic, without the prefix.</summary>
    public string Topic { get; }

    /// <summary>How many wait.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public TimeSpan Timeout(RequestOptions all) => _options.Timeout ?? all.Timeout;

    /// <exception cref="TooManyRequestsException">As many wait as may.</exception>
    public Turn Enter(RequestOptions all)
    {
        var most = _options.MaxPending ?? all.MaxPending;
        if (Interlocked.Increment(ref _pending) > most)
        {
            Interlocked.Decrement(ref _pending);
            throw new TooManyRequestsException(
                $"{most} requests '{Name}' wait for answers from topic '{Topic}', which is as many as may (MaxPending), so this one was not sent. Whoever answers is slower than this service asks, or is not "
                + "there: ask less, or later, or have more instances answer.");
        }

        return new Turn(this);
    }

    /// <summary>A place among those that wait.</summary>
    internal readonly struct Turn(RequestDefinition definition) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref definition._pending);
    }
}
