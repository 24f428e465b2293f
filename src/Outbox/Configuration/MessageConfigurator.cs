using Outbox.Versioning;

namespace Outbox;

/// <summary>Says how messages of one type travel and are consumed.</summary>
public sealed class MessageConfigurator
{
    internal MessageConfigurator(string type, MessageOrdering ordering) => (Type, Ordering) = (type, ordering);

    /// <summary>The name on the wire.</summary>
    /// <value>The default is the type's name in kebab-case.</value>
    public string Type { get; set; }

    /// <summary>How consumers of this service meet duplicates and disorder among these messages.</summary>
    /// <value>The default is the topic's.</value>
    public MessageOrdering Ordering { get; set; }
}
