namespace Outbox.Operations;

/// <summary>Who acts, and how that is known.</summary>
public sealed record Actor
{
    private Actor(ActorKind kind, string name) => (Kind, Name) = (kind, name);

    /// <summary>The application's own code, where nobody says who acts: it goes by <c>Outbox:Source</c>.</summary>
    public static Actor Application { get; } = new(ActorKind.Application, "");

    /// <summary>How it is known.</summary>
    public ActorKind Kind { get; }

    /// <summary>The name; empty for the application, which goes by its own.</summary>
    public string Name { get; }

    /// <summary>What the person used, and where: <c>dashboard</c>, <c>command line on laptop-17</c>.</summary>
    public string? Via { get; init; }

    /// <summary>A person whom the host has authenticated.</summary>
    /// <param name="name">The name of his claims.</param>
    public static Actor Authenticated(string name) => Of(ActorKind.Authenticated, name);

    /// <summary>A person as he calls himself, or his operating system calls him, which nobody has checked.</summary>
    /// <param name="name">The name.</param>
    public static Actor Claimed(string name) => Of(ActorKind.Claimed, name);

    /// <summary>A part of the application, by a name of its own: a schedule, a job.</summary>
    /// <param name="name">The name.</param>
    public static Actor Part(string name) => Of(ActorKind.Application, name);

    /// <inheritdoc/>
    public override string ToString() => (Kind, Name) switch
    {
        (ActorKind.Application, "") => "the application",
        (ActorKind.Claimed, var name) => $"{name} (claimed)",
        (_, var name) => name,
    };

    /// <summary>The same with a name, where it goes by the application's.</summary>
    internal Actor Named(string source) => Name.Length > 0 ? this : new Actor(Kind, source) { Via = Via };

    internal static Actor Of(ActorKind kind, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Actor(kind, name);
    }
}
