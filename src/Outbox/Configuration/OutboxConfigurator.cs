using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Messages.Registration;

namespace Outbox;

/// <summary>Collects what <c>AddOutbox</c> is told. Values set here win over configuration.</summary>
public sealed class OutboxConfigurator
{
    internal OutboxConfigurator(IServiceCollection services) => Services = services;

    /// <summary>The services being configured, for extensions of the configurator.</summary>
    public IServiceCollection Services { get; }

    /// <inheritdoc cref="OutboxOptions.QueryDelay"/>
    public TimeSpan QueryDelay { set => Set(o => o.QueryDelay = value); }

    /// <inheritdoc cref="OutboxOptions.QueryMessageLimit"/>
    public int QueryMessageLimit { set => Set(o => o.QueryMessageLimit = value); }

    /// <inheritdoc cref="OutboxOptions.DuplicateDetectionWindow"/>
    public TimeSpan DuplicateDetectionWindow { set => Set(o => o.DuplicateDetectionWindow = value); }

    /// <inheritdoc cref="OutboxOptions.LeaseDuration"/>
    public TimeSpan LeaseDuration { set => Set(o => o.LeaseDuration = value); }

    /// <inheritdoc cref="OutboxOptions.Lanes"/>
    public int Lanes { set => Set(o => o.Lanes = value); }

    /// <inheritdoc cref="OutboxOptions.RelayEnabled"/>
    public bool RelayEnabled { set => Set(o => o.RelayEnabled = value); }

    /// <summary>Changes any option.</summary>
    public void Set(Action<OutboxOptions> change) => Services.Configure(change);

    /// <summary>
    /// Registers commands to one service, on a topic of their own, <c>shipping.commands</c> for the service <c>shipping</c>: the service that consumes it is
    /// the one that may refuse. To give the topic another name, use <see cref="Topic"/> with <c>t.Command</c>.
    /// </summary>
    public void Commands(string service, Action<TopicConfigurator> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(service);
        Topic($"{service}.commands", configure);
    }

    /// <summary>
    /// Says how messages of types that are in sequence (<c>MessageOrdering.Sequence</c>) wait when they come too early, on all topics that do not say otherwise (<c>t.Sequence</c>).
    /// </summary>
    public void Sequence(Action<SequenceOptions> change) => Services.ConfigureAll(change);

    /// <summary>
    /// Says where keys and large payloads are, and which transforms there are. Which topic's payloads are compressed, encrypted or claimed is said with the topic: <c>t.Compress()</c>,
    /// <c>t.Encrypt()</c>, <c>t.ClaimCheck()</c>. An endpoint undoes what a record's headers say, so a consumer needs its keys and stores here.
    /// </summary>
    public void Payloads(Action<PayloadsConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new PayloadsConfigurator(Services));
    }

    /// <summary>
    /// Registers the message types of one Kafka topic, to publish, to consume, or both. It may be said several times of one topic, as by the parts of a service; what one of them has set,
    /// another cannot set differently.
    /// </summary>
    public void Topic(string name, Action<TopicConfigurator> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        TopicName.Check(name);
        var topic = Services.Where(service => !service.IsKeyedService).Select(service => service.ImplementationInstance).OfType<TopicConfigurator>().FirstOrDefault(known => known.Name == name);
        if (topic is null)
        {
            topic = new TopicConfigurator(name);
            Services.AddSingleton(topic);
        }

        var said = topic.SequenceChanges.Count;
        topic.Change(configure);
        foreach (var old in Services.Where(service => !service.IsKeyedService && topic.Registered.Contains(service.ImplementationInstance)).ToList())
        {
            Services.Remove(old);
        }

        topic.Register(Services);
        foreach (var change in topic.SequenceChanges.Skip(said))
        {
            Services.AddSingleton<IValidateOptions<SequenceOptions>>(new SequenceOptionsValidator(name));
            Services.AddOptions<SequenceOptions>(name).PostConfigure(change).ValidateOnStart();
        }
    }
}
