namespace Outbox.Tests.Standards;

/// <summary>Fails with what breaks a rule and why the rule is there.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> violations, string reason)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, $"{reason}{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", found)}");
    }
}
