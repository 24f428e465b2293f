using Outbox.History.Projecting.Registration;
using Outbox.Kafka.Inbox.Reading;

namespace Outbox.Kafka.Inbox.Projecting;

/// <summary>What a projection has folds for. Of everything else on its topic the versions count.</summary>
internal sealed class ProjectedTypes(ProjectionRegistration projection) : IHandledTypes
{
    /// <inheritdoc/>
    public bool InSequence => true;

    /// <inheritdoc/>
    public bool Contains(Type messageType) => projection.Folds(messageType);

    /// <inheritdoc/>
    public string EntityTypeOf(string topic) => projection.EntityType;
}
