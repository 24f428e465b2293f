using System.Globalization;

namespace Outbox.Benchmarks;

/// Measured values beside their targets, one line each.
internal sealed class Figures
{
    public bool AllPass { get; private set; } = true;

    public void AtLeast(string name, double value, double target) => Add(name, value, target, value >= target, ">=");

    public void AtMost(string name, double value, double target) => Add(name, value, target, value <= target, "<=");

    /// A figure of the framework over the same figure of the bare drivers, measured in the same run.
    public void RatioAtLeast(string name, double ratio, double target) => Add(name, ratio, target, ratio >= target, ">=", "ratio");

    public void RatioAtMost(string name, double ratio, double target) => Add(name, ratio, target, ratio <= target, "<=", "ratio");

    public static void Note(string name, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"# {name} {value:0.##} {unit}"));

    private void Add(string name, double value, double target, bool pass, string relation, string kind = "value")
    {
        AllPass &= pass;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {kind}={value:0.##} target={relation}{target:0.##} {(pass ? "PASS" : "FAIL")}"));
    }
}
