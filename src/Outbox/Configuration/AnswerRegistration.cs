using Microsoft.Extensions.DependencyInjection;
using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Configuration;

/// <summary>Registers what the owner of a topic needs to answer those that have missed versions: the topic on which it is asked, and the commands' types, once for all topics.</summary>
internal static class AnswerRegistration
{
    private static readonly (Type Type, string Name)[] Commands =
    [
        (typeof(RepublishVersions), RepairMessages.CommandType), (typeof(ReplayHistory), ReplayMessages.CommandType), (typeof(CancelHistoryReplay), ReplayMessages.CancelType),
    ];

    public static void Add(TopicConfigurator topic, IServiceCollection services)
    {
        if (topic.Answers is not { } options)
        {
            return;
        }

        if (!topic.KeepsHistory)
        {
            throw new OutboxConfigurationException(
                $"Topic '{topic.Name}' answers those that have missed versions (t.AnswerGaps), but keeps none that it could put back. Add t.KeepHistory(), or remove t.AnswerGaps.");
        }

        var asked = RepairTopic.Of(topic.Name);
        TopicName.Check(asked);
        Register(topic, services, new AnsweredTopic(topic.Name, topic.EntityType, topic.Format, options) { Transforms = topic.Registration.Transforms });
        Register(topic, services, new TopicRegistration(asked, ParkedPolicy.HoldEntity) { ReplicationFactor = topic.ReplicationFactor });
        foreach (var (type, name) in Commands)
        {
            if (!services.Any(service => !service.IsKeyedService && service.ImplementationInstance is MessageRegistration known && known.ClrType == type))
            {
                Register(topic, services, new MessageRegistration(type, name, asked, MessageIntent.Command, topic.EntityType, MessageJson.Default));
            }
        }
    }

    private static void Register<T>(TopicConfigurator topic, IServiceCollection services, T instance)
        where T : class
    {
        topic.Registered.Add(instance);
        services.AddSingleton(instance);
    }
}
