namespace Outbox.Messages.Registration;

/// <summary>Where the versions of a topic's messages come from.</summary>
public enum VersionSource
{
    /// <summary>Each message brings its entity's version, from the document that the same transaction writes.</summary>
    Supplied,

    /// <summary>No message brings one: a counter of the entity is raised inside the transaction.</summary>
    Counted,
}
