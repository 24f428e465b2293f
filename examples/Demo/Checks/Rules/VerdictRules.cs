namespace Demo.Checks.Rules;

/// <summary>Computes the verdict. It trusts nothing but the documents, the records on Kafka, and what clients were told.</summary>
internal static class VerdictRules
{
    public static Verdict Judge(Evidence evidence) => new()
    {
        Orders = evidence.Orders.Count,
        Shipped = evidence.Orders.Count(order => order.Status == "SHIPPED"),
        Cancelled = evidence.Orders.Count(order => order.Status == "CANCELLED"),
        Findings =
        [
            .. AnswerRules.Check(evidence),
            .. AgreementRules.Check(evidence),
            .. HistoryRules.Check(evidence),
            .. PublishingRules.Check(evidence),
            .. RepairRules.Check(evidence),
        ],
        Repaired = RepairRules.Repaired(evidence).Count,
        IsRebuilt = RepairRules.IsRebuilt(evidence),
        Pending = evidence.Pending,
        Parked = evidence.Parked,
    };
}
