using Outbox.Messages.Intents;

namespace Outbox.History.Repair;

/// <summary>
/// The owner's answer to <see cref="RepublishVersions"/> as far as it has none of the versions. It comes on the topic itself, for the endpoint that asked, whose sequence steps over them. The message is
/// about the answer and not the entity, so that it takes no version of it.
/// </summary>
/// <param name="EntityType">What the entity id names.</param>
/// <param name="EntityId">The entity.</param>
/// <param name="From">The first version that is not there.</param>
/// <param name="To">The last.</param>
public sealed record VersionsVoid(string EntityType, string EntityId, long From, long To) : IEvent
{
    /// <summary>The type's name on the wire, and what the message is about.</summary>
    public const string TypeName = "versions-void";
}
