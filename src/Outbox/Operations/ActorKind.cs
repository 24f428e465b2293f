namespace Outbox.Operations;

/// <summary>How it is known who acts.</summary>
public enum ActorKind
{
    /// <summary>The application's own code.</summary>
    Application,

    /// <summary>A person whom the host has authenticated: the name is of his claims.</summary>
    Authenticated,

    /// <summary>What a person, or his operating system, says of himself, and nobody has checked: the user of a command line.</summary>
    Claimed,
}
